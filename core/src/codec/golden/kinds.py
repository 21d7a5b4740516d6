# LVs of all kinds on the PVs of the backup file that is named: input for vgcfgrestore.
import random, sys
random.seed(7)
A='0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
def uuid():
    s=''.join(random.choice(A) for _ in range(32))
    p=[6,4,4,4,4,4,6];o=[];i=0
    for n in p: o.append(s[i:i+n]);i+=n
    return '-'.join(o)
g=open(sys.argv[1]).read()
head = g.rstrip()[:-1]
pos={0:0,1:0,2:0,3:0}
out=[]
def take(pv,n):
    p=pos[pv];pos[pv]+=n;return p
def lv(name,body,status='"READ", "WRITE", "VISIBLE"',flags='',extra='',ct=True,segs=1):
    out.append(f'''{name} {{
id = "{uuid()}"
status = [{status}]
flags = [{flags}]
{'creation_time = 1795169052' if ct else ''}
{'creation_host = "vm"' if ct else ''}
{extra}
segment_count = {segs}
{body}
}}
''')
def seg(ext,body,n=1,start=0): return f'segment{n} {{\nstart_extent = {start}\nextent_count = {ext}\n{body}\n}}\n'
def lin(ext,pv,more=''): return seg(ext,f'type = "striped"\n{more}\nstripe_count = 1\nstripes = ["pv{pv}", {take(pv,ext)}]')
H='"READ", "WRITE"'
# snapshot
lv('org',lin(10,0)); lv('snap',lin(3,0),status=H)
lv('snapshot0',seg(10,'type = "snapshot"\nchunk_size = 8\norigin = "org"\ncow_store = "snap"'),status='"READ", "WRITE", "VISIBLE"')
# all lv keys, segment tags, flags in odd order
lv('keys',lin(2,0,'tags = ["st1","st2"]'),status='"VISIBLE","WRITEMOSTLY","NOTSYNCED","FIXED_MINOR","WRITE","READ"',flags='"NOAUTOACTIVATE","ACTIVATION_SKIP"',extra='tags=["x","y"]\nread_ahead=256\nmajor=253\nminor=5\nprofile="prof"\nallocation_policy="cling_by_tags"')
# mirror with log
for i in (0,1): lv(f'mir_mimage_{i}',lin(4,i),status=H)
lv('mir_mlog',lin(1,2),status=H)
lv('mir',seg(4,'type = "mirror"\nmirror_count = 2\nmirror_log = "mir_mlog"\nregion_size = 1024\nmirrors = ["mir_mimage_0", 0, "mir_mimage_1", 0]'))
def raid(name,typ,n,ext,img,more,st='"READ", "WRITE", "VISIBLE"',meta=True):
    l=[]
    for i in range(n):
        if meta: lv(f'{name}_rmeta_{i}',lin(1,i),status=H); l.append(f'"{name}_rmeta_{i}"')
        lv(f'{name}_rimage_{i}',lin(img,i),status=H); l.append(f'"{name}_rimage_{i}"')
    key='raids' if meta else 'raid0_lvs'
    lv(name,seg(ext,f'type = "{typ}"\n{more}\n{key} = [{", ".join(l)}]'),status=st)
raid('r1','raid1',2,4,4,'device_count = 2\nregion_size = 1024\nwritebehind = 100\nmin_recovery_rate = 10\nmax_recovery_rate = 20')
raid('r5','raid5_ls',3,8,4,'device_count = 3\nregion_size = 1024\nstripe_size = 128')
raid('r10','raid10',4,8,4,'device_count = 4\ndata_copies = 2\nregion_size = 1024\nstripe_size = 128')
raid('r0','raid0',2,8,4,'stripe_count = 2\nstripe_size = 128',meta=False)
raid('r0m','raid0_meta',2,8,4,'stripe_count = 2\nstripe_size = 128')
# thin
lv('lvol0_pmspare',lin(1,0),status=H)
lv('pool_tmeta',lin(1,3),status=H); lv('pool_tdata',lin(20,3),status=H)
lv('pool',seg(20,'type = "thin-pool"\nmetadata = "pool_tmeta"\npool = "pool_tdata"\ntransaction_id = 3\nchunk_size = 128\ndiscards = "passdown"\nzero_new_blocks = 1'),flags='"ERROR_WHEN_FULL","NOAUTOACTIVATE","ACTIVATION_SKIP"')
lv('th1',seg(10,'type = "thin"\nthin_pool = "pool"\ntransaction_id = 0\ndevice_id = 1'))
lv('th2',seg(10,'type = "thin"\nthin_pool = "pool"\ntransaction_id = 1\ndevice_id = 2\norigin = "th1"'),flags='"ACTIVATION_SKIP"')
lv('th3',seg(10,'type = "thin"\nthin_pool = "pool"\ntransaction_id = 2\ndevice_id = 3'))
lv('ext',lin(3,2),status='"READ", "VISIBLE"')
lv('th4',seg(3,'type = "thin"\nthin_pool = "pool"\ntransaction_id = 2\ndevice_id = 4\nexternal_origin = "ext"'))
# cache
lv('cp_cdata',lin(4,1),status=H); lv('cp_cmeta',lin(2,1),status=H)
lv('cp',seg(4,'type = "cache-pool+METADATA_FORMAT"\ndata = "cp_cdata"\nmetadata = "cp_cmeta"\nmetadata_format = 2\nchunk_size = 128\ncache_mode = "writethrough"\npolicy = "smq"\npolicy_settings {\nmigration_threshold = 2048\nfoo = "bar"\n}'))
lv('c_cpool_cdata',lin(4,1),status=H); lv('c_cpool_cmeta',lin(2,1),status=H)
lv('c_cpool',seg(4,'type = "cache-pool"\ndata = "c_cpool_cdata"\nmetadata = "c_cpool_cmeta"\nchunk_size = 128\ncache_mode = "writeback"\npolicy = "smq"\npolicy_settings {\nmigration_threshold = 2048\n}'),status=H)
lv('c_corig',lin(6,1),status=H)
lv('c',seg(6,'type = "cache"\ncache_pool = "c_cpool"\norigin = "c_corig"'))
lv('cv_cvol',lin(5,2),status=H,flags='"CACHE_VOL"'); lv('cv_corig',lin(6,2),status=H)
lv('cv',seg(6,'type = "cache+CACHE_USES_CACHEVOL"\ncache_pool = "cv_cvol"\norigin = "cv_corig"\nmetadata_format = 2\nchunk_size = 128\ncache_mode = "writethrough"\npolicy = "smq"\nmetadata_start = 0\nmetadata_len = 16384\ndata_start = 16384\ndata_len = 24576'))
# writecache
lv('w_cvol',lin(5,2),status=H,flags='"CACHE_VOL"'); lv('w_wcorig',lin(6,2),status=H)
lv('w',seg(6,'type = "writecache"\nwritecache = "w_cvol"\norigin = "w_wcorig"\nwritecache_block_size = 4096\nhigh_watermark = 60\nmax_age = 100\ncleaner = 1'))
# vdo
lv('vp_vdata',lin(20,0),status=H)
lv('vp',seg(20,'type = "vdo-pool"\ndata = "vp_vdata"\nheader_size = 1024\nvirtual_extents = 30\nuse_compression = 1\nuse_deduplication = 1\nuse_metadata_hints = 1\nminimum_io_size = 4096\nblock_map_cache_size_mb = 128\nblock_map_era_length = 16380\nindex_memory_size_mb = 256\nmax_discard = 1\nslab_size_mb = 2048\nack_threads = 1\nbio_threads = 4\nbio_rotation = 64\ncpu_threads = 2\nhash_zone_threads = 1\nlogical_threads = 1\nphysical_threads = 1\nwrite_policy = auto'),status=H)
lv('v',seg(30,'type = "vdo"\nvdo_pool = "vp"\nvdo_offset = 0'))
# two segments, no creation, zero size origin
lv('two',lin(3,3)+f'segment2 {{\nstart_extent = 3\nextent_count = 6\ntype = "striped"\nstripe_count = 3\nstripe_size = 64\nstripes = ["pv0", {take(0,2)}, "pv1", {take(1,2)}, "pv2", {take(2,2)}]\n}}',ct=False,segs=2)
lv('z',seg(4,'type = "zero"')); lv('e',seg(4,'type = "error"'))
body=''.join(out)
hist='''historical_logical_volumes {
h1 { id = "%s"
creation_time = 1795169052
removal_time = 1795169060
descendants = ["th3"] }
}
'''%uuid()
print(head+'logical_volumes {\n'+body+'}\n'+hist+'}')
