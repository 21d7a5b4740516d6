# Writes a text with an LV of every kind, for vgcfgrestore --force. usage: zoo.py EMPTY-VG-BACKUP > TEXT
import sys
head,tail=open(sys.argv[1]).read().rsplit('\n\n}\n',1)
head=head.replace('seqno = 1\n','seqno = 2\n')
n=0; out=[]; pe=[0,0,0]; size=[70,95,115]; T=1700000000
def pv(k,want=None):
    global pe
    i=want if want is not None else max(range(3),key=lambda j:size[j]-pe[j])
    s=pe[i]; pe[i]+=k; assert pe[i]<=size[i],(i,pe)
    return '"pv%d", %d'%(i,s)
def lv(name,segs,status='VISIBLE',flags='',extra='',ro=False,time=True):
    global n,T; n+=1; T+=100003
    st=['READ'] if ro else ['READ','WRITE']
    st+= [s for s in status.split() if s]
    o='%s {\nid = "%s"\nstatus = [%s]\nflags = [%s]\n'%(name,'zooZOO-aaaa-aaaa-aaaa-aaaa-aaaa-%06d'%n,', '.join('"%s"'%s for s in st),', '.join('"%s"'%s for s in flags.split()))
    if time: o+='creation_time = %d\ncreation_host = "vm"\n'%T
    o+=extra
    o+='segment_count = %d\n'%len(segs)
    pos=0
    for i,(cnt,typ,body) in enumerate(segs):
        o+='segment%d {\nstart_extent = %d\nextent_count = %d\n\ntype = "%s"\n%s\n}\n'%(i+1,pos,cnt,typ,body); pos+=cnt
    out.append(o+'}\n')
def lin(k,want=None): return (k,'striped','stripe_count = 1\nstripes = [%s]'%pv(k,want))
def plain(name,k,status='',want=None,**kw): lv(name,[lin(k,want)],status,**kw)
# thin
lv('tp',[(12,'thin-pool','metadata = "tp_tmeta"\npool = "tp_tdata"\ntransaction_id = 5\nchunk_size = 128\ndiscards = "passdown"\nzero_new_blocks = 1')],'VISIBLE')
lv('tp2',[(4,'thin-pool','metadata = "tp2_tmeta"\npool = "tp2_tdata"\ntransaction_id = 1\nchunk_size = 256\ndiscards = "ignore"')],'VISIBLE','ERROR_WHEN_FULL')
def thin(name,k,tid,dev,more='',**kw): lv(name,[(k,'thin','thin_pool = "tp"\ntransaction_id = %d\ndevice_id = %d%s'%(tid,dev,more))],**kw)
thin('thin1',20,0,1)
thin('thin2',20,1,2,'\norigin = "thin1"',flags='ACTIVATION_SKIP')
thin('thin3',20,2,3,'\norigin = "thin2"')
thin('tmerge',20,3,4,'\norigin = "thin1"\nmerge = "thin1"',status='')
thin('text',6,4,5,'\nexternal_origin = "extorg"')
thin('thist',20,4,6)
plain('extorg',6,'VISIBLE',ro=True)
plain('tp_tmeta',2); plain('tp_tdata',12); plain('tp2_tmeta',2); plain('tp2_tdata',4); plain('lvol0_pmspare',2)
# snapshots
plain('org',5,'VISIBLE',extra='tags = ["a", "b", "c"]\n'); plain('snap1',3); lv('snapshot0',[(5,'snapshot','chunk_size = 8\norigin = "org"\ncow_store = "snap1"')],'VISIBLE')
plain('snap2',2); lv('snapshot1',[(5,'snapshot','chunk_size = 16\norigin = "org"\ncow_store = "snap2"')],'VISIBLE')
plain('morg',5,'VISIBLE'); plain('msnap',3); lv('snapshot2',[(5,'snapshot','chunk_size = 8\norigin = "morg"\nmerging_store = "msnap"')],'')
plain('sparse',3); lv('sparse_vorigin',[(100,'zero','')],'',ro=True); lv('snapshot3',[(100,'snapshot','chunk_size = 8\norigin = "sparse_vorigin"\ncow_store = "sparse"')],'VISIBLE')
# mirror
lv('mir',[(6,'mirror','mirror_count = 2\nmirror_log = "mir_mlog"\nregion_size = 1024\nmirrors = [\n"mir_mimage_0", 0,\n"mir_mimage_1", 0\n]')],'VISIBLE')
plain('mir_mlog',1); plain('mir_mimage_0',6); plain('mir_mimage_1',6)
lv('mirc',[(2,'mirror','mirror_count = 2\nregion_size = 1024\nmirrors = [\n"mirc_mimage_0", 0,\n"mirc_mimage_1", 0\n]')],'VISIBLE NOTSYNCED')
plain('mirc_mimage_0',2); plain('mirc_mimage_1',2)
# raid
def raid(name,typ,devs,ext,img,more='',status='VISIBLE',imgstatus={},meta=True,key='raids'):
    ls=[]
    for i in range(devs):
        if meta: ls.append('"%s_rmeta_%d"'%(name,i))
        ls.append('"%s_rimage_%d"'%(name,i))
    c='stripe_count' if typ.startswith('raid0') else 'device_count'
    lv(name,[(ext,typ,'%s = %d\n%s%s = [%s]'%(c,devs,more,key,', '.join(ls)))],status)
    for i in range(devs):
        plain('%s_rimage_%d'%(name,i),img,imgstatus.get(i,''),ro='VISIBLE' in imgstatus.get(i,''))
        if meta: plain('%s_rmeta_%d'%(name,i),1)
raid('r1','raid1',2,4,4,'region_size = 1024\n',imgstatus={1:'WRITEMOSTLY'})
raid('r1b','raid1',3,2,2,'region_size = 1024\nwritebehind = 100\nmin_recovery_rate = 10\nmax_recovery_rate = 200\n','VISIBLE NOTSYNCED',imgstatus={2:'REBUILD'})
raid('r5','raid5',3,4,2,'region_size = 1024\nstripe_size = 128\n')
raid('r6','raid6',5,3,1,'region_size = 2048\nstripe_size = 256\n')
raid('r4','raid4',3,2,1,'region_size = 1024\nstripe_size = 128\n')
raid('r10','raid10',4,4,2,'data_copies = 2\nregion_size = 1024\nstripe_size = 128\n')
raid('r0','raid0',2,4,2,'stripe_size = 128\n',meta=False,key='raid0_lvs')
raid('r0m','raid0_meta',2,4,2,'stripe_size = 128\n')
raid('rsplit','raid1',2,2,2,'region_size = 1024\n',imgstatus={1:'VISIBLE'})
# integrity
lv('ri',[(4,'raid1','device_count = 2\nregion_size = 1024\nraids = ["ri_rmeta_0", "ri_rimage_0", "ri_rmeta_1", "ri_rimage_1"]')],'VISIBLE')
for i in range(2):
    lv('ri_rimage_%d'%i,[(4,'integrity','origin = "ri_rimage_%d_iorig"\ndata_sectors = 8192\nmode = "%s"\ntag_size = 4\nblock_size = 512\ninternal_hash = "crc32c"\nmeta_dev = "ri_rimage_%d_imeta"'%(i,'JB'[i],i))],'')
    plain('ri_rmeta_%d'%i,1); plain('ri_rimage_%d_iorig'%i,4); plain('ri_rimage_%d_imeta'%i,1)
# cache
plain('cp0_cdata',3); plain('cp0_cmeta',1)
lv('cp0',[(3,'cache-pool','data = "cp0_cdata"\nmetadata = "cp0_cmeta"\nmetadata_format = 2\nchunk_size = 128\ncache_mode = "writeback"\npolicy = "mq"\npolicy_settings {\nmigration_threshold=2048\nsequential_threshold=100\n}')],'VISIBLE')
lv('ca',[(5,'cache','cache_pool = "cp1_cpool"\norigin = "ca_corig"')],'VISIBLE')
plain('ca_corig',5)
lv('cp1_cpool',[(3,'cache-pool+METADATA_FORMAT','data = "cp1_cpool_cdata"\nmetadata = "cp1_cpool_cmeta"\nmetadata_format = 2\nchunk_size = 64\ncache_mode = "writethrough"\npolicy = "smq"')],'')
plain('cp1_cpool_cdata',3); plain('cp1_cpool_cmeta',1)
lv('cc',[(4,'cache+CACHE_USES_CACHEVOL','cache_pool = "cvol_cvol"\norigin = "cc_corig"\nmetadata_format = 2\nchunk_size = 128\ncache_mode = "writethrough"\npolicy = "smq"\nmetadata_start = 0\nmetadata_len = 2048\ndata_start = 2048\ndata_len = 4096')],'VISIBLE')
plain('cc_corig',4); plain('cvol_cvol',3,'',flags='CACHE_VOL')
lv('wc',[(4,'writecache','writecache = "wvol_cvol"\norigin = "wc_wcorig"\nwritecache_block_size = 4096\nhigh_watermark = 60')],'VISIBLE')
plain('wc_wcorig',4); plain('wvol_cvol',2,'',flags='CACHE_VOL')
# vdo
if len(sys.argv)<3:
    lv('vp',[(6,'vdo-pool','data = "vp_vdata"\nheader_size = 1024\nvirtual_extents = 20\nuse_compression = 1\nuse_deduplication = 1\nuse_metadata_hints = 1\nminimum_io_size = 4096\nblock_map_cache_size_mb = 128\nblock_map_era_length = 16380\nindex_memory_size_mb = 256\nmax_discard = 1\nslab_size_mb = 2048\nack_threads = 1\nbio_threads = 4\nbio_rotation = 64\ncpu_threads = 2\nhash_zone_threads = 1\nlogical_threads = 0\nphysical_threads = 1\nwrite_policy = auto')],'VISIBLE')
    plain('vp_vdata',6)
    lv('vv',[(20,'vdo','vdo_pool = "vp"\nvdo_offset = 0')],'VISIBLE')
# pvmove
lv('mv',[(4,'striped','stripe_count = 1\nstripes = ["pvmove0", 0]'),lin(2,1),(3,'striped','stripe_count = 1\nstripes = ["pvmove0", 4]')],'VISIBLE LOCKED')
lv('pvmove0',[(4,'mirror','mirror_count = 2\nextents_moved = 1\nregion_size = 1024\nmirrors = [%s, %s]'%(pv(4,0),pv(4,2))),(3,'mirror','mirror_count = 2\nextents_moved = 0\nregion_size = 1024\nmirrors = [%s, %s]'%(pv(3,0),pv(3,2)))],'PVMOVE LOCKED',extra='allocation_policy = "contiguous"\n')
# others
lv('err',[(3,'error','')]); lv('mixed',[lin(2),(3,'zero',''),(1,'error',''),lin(1)],extra='tags = ["t1"]\n')
lv('old',[lin(1)],time=False,extra='profile = "prof-x"\nread_ahead = 256\n')
lv('segtag',[(2,'striped','tags = ["s1", "s2"]\nstripe_count = 2\nstripe_size = 8\nstripes = [%s, %s]'%(pv(1,1),pv(1,2)))],flags='WRITE_LOCKED',ro=True)
hist='''gone1 {
id = "zooHIS-aaaa-aaaa-aaaa-aaaa-aaaa-000001"
creation_time = 1700000001
removal_time = 1700086401
origin = "thin1"
descendants = ["thist"]
}
gone0 {
id = "zooHIS-aaaa-aaaa-aaaa-aaaa-aaaa-000002"
creation_time = 1700000001
removal_time = 1700086402
}
'''
print(head+'\nlogical_volumes {\n'+'\n'.join(out)+'}\nhistorical_logical_volumes {\n'+hist+'}\n}\n'+tail)
