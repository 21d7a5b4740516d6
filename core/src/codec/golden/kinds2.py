# The rarer states of LVs: input for vgcfgrestore.
import os, sys
exec(open(os.path.dirname(sys.argv[0]) + '/kinds.py').read().split('# snapshot')[0])
def raid(name,typ,n,ext,img,more,st='"READ", "WRITE", "VISIBLE"',meta=True):
    l=[]
    for i in range(n):
        lv(f'{name}_rmeta_{i}',lin(1,i),status=H); l.append(f'"{name}_rmeta_{i}"')
        lv(f'{name}_rimage_{i}',lin(img,i),status=H); l.append(f'"{name}_rimage_{i}"')
    lv(name,seg(ext,f'type = "{typ}"\n{more}\nraids = [{", ".join(l)}]'),status=st)
# virtual origin snapshot (sparse)
lv('sp_vorigin',seg(10,'type = "zero"'),status='"READ"'); lv('sp',lin(3,0),status=H)
lv('snapshot1',seg(10,'type = "snapshot"\nchunk_size = 8\norigin = "sp_vorigin"\ncow_store = "sp"'))
# merging
lv('mo',lin(5,0)); lv('ms',lin(3,0),status=H)
lv('snapshot2',seg(5,'type = "snapshot"\nchunk_size = 8\norigin = "mo"\nmerging_store = "ms"'),status=H)
# thin pool messages
lv('pool_tmeta',lin(1,3),status=H); lv('pool_tdata',lin(20,3),status=H)
lv('pool',seg(20,'type = "thin-pool"\nmetadata = "pool_tmeta"\npool = "pool_tdata"\ntransaction_id = 3\nchunk_size = 128\ndiscards = "nopassdown"\nmessage1 {\ncreate = "th1"\n}\nmessage2 {\ndelete = 7\n}'))
lv('th1',seg(10,'type = "thin"\nthin_pool = "pool"\ntransaction_id = 2\ndevice_id = 1'))
lv('th2',seg(10,'type = "thin"\nthin_pool = "pool"\ntransaction_id = 2\ndevice_id = 2\norigin = "th1"\nmerge = "th1"'))
lv('lvol0_pmspare',lin(1,0),status=H)
# vdo
lv('vp_vdata',lin(20,0),status=H)
lv('vp',seg(20,'type = "vdo-pool"\ndata = "vp_vdata"\nheader_size = 1024\nvirtual_extents = 30\nuse_compression = 1\nminimum_io_size = 4096\nblock_map_cache_size_mb = 128\nblock_map_era_length = 16380\nuse_sparse_index = 1\nindex_memory_size_mb = 256\nmax_discard = 1\nslab_size_mb = 2048\nack_threads = 1\nbio_threads = 4\nbio_rotation = 64\ncpu_threads = 2\nhash_zone_threads = 1\nlogical_threads = 1\nphysical_threads = 1\nwrite_policy = "sync"'),status=H)
lv('v',seg(30,'type = "vdo"\nvdo_pool = "vp"\nvdo_offset = 0'))
# integrity under raid1
l=[]
for i in (0,1):
    lv(f'ri_rmeta_{i}',lin(1,i),status=H)
    lv(f'ri_rimage_{i}_iorig',lin(10,i),status=H); lv(f'ri_rimage_{i}_imeta',lin(1,i),status=H)
    lv(f'ri_rimage_{i}',seg(10,f'type = "integrity"\norigin = "ri_rimage_{i}_iorig"\ndata_sectors = 81920\nmode = "J"\ntag_size = 4\nblock_size = 512\ninternal_hash = "crc32c"\nmeta_dev = "ri_rimage_{i}_imeta"\nrecalculate = 1'),status=H)
    l+= [f'"ri_rmeta_{i}"',f'"ri_rimage_{i}"']
lv('ri',seg(10,f'type = "raid1"\ndevice_count = 2\nregion_size = 1024\nraids = [{", ".join(l)}]'))
# cleaner cache, cachevol with ids
lv('cl_cpool_cdata',lin(4,1),status=H); lv('cl_cpool_cmeta',lin(2,1),status=H)
lv('cl_cpool',seg(4,'type = "cache-pool"\ndata = "cl_cpool_cdata"\nmetadata = "cl_cpool_cmeta"\nmetadata_format = 1\nchunk_size = 128\ncache_mode = "passthrough"\npolicy = "smq"'),status=H)
lv('cl_corig',lin(6,1),status=H)
lv('cl',seg(6,'type = "cache"\ncache_pool = "cl_cpool"\norigin = "cl_corig"\ncleaner = 1'))
lv('cv_cvol',lin(5,2),status=H,flags='"CACHE_VOL"'); lv('cv_corig',lin(6,2),status=H)
lv('cv',seg(6,'type = "cache+CACHE_USES_CACHEVOL"\ncache_pool = "cv_cvol"\norigin = "cv_corig"\nmetadata_format = 2\nchunk_size = 128\ncache_mode = "writethrough"\npolicy = "smq"\npolicy_settings {\nmigration_threshold = 2048\n}\nmetadata_start = 0\nmetadata_len = 16384\ndata_start = 16384\ndata_len = 24576\nmetadata_id = "%s"\ndata_id = "%s"'%(uuid(),uuid())))
lv('w_cvol',lin(5,2),status=H,flags='"CACHE_VOL"'); lv('w_wcorig',lin(6,2),status=H)
lv('w',seg(6,'type = "writecache"\nwritecache = "w_cvol"\norigin = "w_wcorig"\nwritecache_block_size = 4096\nhigh_watermark = 60\nlow_watermark = 40\nwriteback_jobs = 5\nautocommit_blocks = 6\nautocommit_time = 7\nfua = 1\nnofua = 1\ncleaner = 1\nmax_age = 100\nmetadata_only = 1\npause_writeback = 12\nwritecache_setting_key = "k"\nwritecache_setting_val = "v"'))
# raid with reshape flags and rebuild
raid('r5','raid5_ls+RESHAPE_DELTA_DISKS_PLUS+RESHAPE_DATA_OFFSET+RESHAPE',4,12,5,'device_count = 4\nregion_size = 1024\nstripe_size = 128\ndata_offset = 8192')
# pvmove
lv('mv',seg(4,'type = "striped"\nstripe_count = 1\nstripes = ["pvmove0", 0]'),status='"READ","WRITE","VISIBLE","LOCKED"')
a=take(0,4);b=take(1,4)
lv('pvmove0',seg(4,f'type = "mirror"\nmirror_count = 2\nextents_moved = 2\nregion_size = 1024\nmirrors = ["pv0", {a}, "pv1", {b}]'),status='"READ","WRITE","PVMOVE","LOCKED"',extra='allocation_policy = "contiguous"')
body=''.join(out)
head=head.replace('status = ["RESIZEABLE", "READ", "WRITE"]','status = ["WRITE", "PVMOVE", "READ", "RESIZEABLE"]').replace('device = "/dev/loop70"','device = "/dev/loop70"\ndevice_id = "x y\\"z"\ndevice_id_type = "sys_wwid"')
hist='''historical_logical_volumes {
h2 { id = "%s"
creation_time = 5
removal_time = 1795169060
origin = "-h1"
descendants = ["th1"] }
h1 { id = "%s"
creation_time = 5
removal_time = 1795169060
 }
}
'''%(uuid(),uuid())
print(head+'logical_volumes {\n'+body+'}\n'+hist+'}')
