import subprocess,re,os
sizes=[2,4,6,8,10,14,18,20,22,100,250,1000,1022,1024,1026,2000,2046,2048,2050,2058,2060,2070,4096,5000,8192,1_000_000,1_999_998,2_000_000,2_097_150,2_097_152,2_097_154,2_100_000,6_950_000,7_277_000,7_340_032,2*1024**3-2,2*1024**3,2*1024**3+2, 4_294_967_294,3_000_000_000,10_485_760+10_486,10_485_760+26_214,10_485_760+26_216,256,2304,2368,2560,2816,1048576+131072,1048576+393216,1048576+131074]
txt=open('uu.txt').read()
head,tail=txt.rsplit('\n\n}\n',1)
import random,string
def uid(i): return 'aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-%06d'%i
lvs=''
for i,s in enumerate(sizes):
    lvs+='l%d {\nid="%s"\nstatus=["READ","WRITE","VISIBLE"]\nflags=[]\nsegment_count=1\nsegment1 {\nstart_extent=0\nextent_count=%d\ntype="zero"\n}\n}\n'%(i,uid(i),s//2)
open('uu2.txt','w').write(head.replace('seqno = 1','seqno = 2')+'\nlogical_volumes {\n'+lvs+'}\n}\n')
print(subprocess.run('vgcfgrestore -f uu2.txt uu',shell=True,capture_output=True,text=True))
out=open('units.tsv','w')
for u in list('hHrRbBsSkKmMgGtTpPeE')+['3m','3M','1m','512b','2.5g','100k','4s','1.2k']:
    for suf in ('','--nosuffix'):
        p=subprocess.run(f'lvs --noheadings -O lv_uuid --separator : -o lv_name,lv_size --units {u} {suf} uu 2>/dev/null',shell=True,capture_output=True,text=True)
        for l in p.stdout.split('\n'):
            if not l.strip(): continue
            n,v=l.strip(' \n').split(':') if False else l[2:].split(':')
            out.write(f"{sizes[int(n[1:])]}\t{u}\t{'n' if suf else 's'}\t{v}\n")
    p=subprocess.run(f'lvdisplay --units {u} uu 2>/dev/null',shell=True,capture_output=True,text=True)
    n=None
    for l in p.stdout.split('\n'):
        m=re.match(r'  LV Name +l(\d+)',l)
        if m: n=int(m[1])
        m=re.match(r'  LV Size                (.*)$',l)
        if m: out.write(f"{sizes[n]}\t{u}\tl\t{m[1]}\n")
