# Writes what LVM2 shows of the devices it may see, and what stands on them, for report::tests.
# usage: LVM_SYSTEM_DIR=... TZ=UTC capture.py COMMANDS OUTDIR DEVICE...   (make.sh makes the VGs)
import os, struct, subprocess, sys

commands, outdir, devices = sys.argv[1], sys.argv[2], sys.argv[3:]
facts, seen = [], set()
for dev in sorted(devices, key=lambda d: os.stat(d).st_rdev):
    size = int(subprocess.run(['blockdev', '--getsize64', dev], capture_output=True, text=True).stdout)
    if not size:
        continue
    number = os.stat(dev).st_rdev
    facts.append(f'device {dev} {os.major(number)} {os.minor(number)} {size}')
    with open(dev, 'rb') as file:
        head = file.read(2048)
        if head[512:520] != b'LABELONE':
            continue
        at = 512 + struct.unpack('<I', head[532:536])[0]
        uuid, devsize = head[at:at + 32].decode(), struct.unpack('<Q', head[at + 32:at + 40])[0]
        at += 40
        lists = []
        while len(lists) < 2:
            areas = []
            while True:
                offset, length = struct.unpack('<QQ', head[at:at + 16])
                at += 16
                if not offset:
                    break
                areas.append((offset, length))
            lists.append(areas)
        version, flags = struct.unpack('<II', head[at:at + 8])
        ba = struct.unpack('<QQ', head[at + 8:at + 24])
        facts.append(f'pv {uuid} {devsize} {lists[0][0][0]} {version} {flags} {ba[0]} {ba[1]}')
        for offset, length in lists[1]:
            file.seek(offset)
            header = file.read(512)
            text, textsize, _, ignored = struct.unpack('<QQII', header[40:64])
            facts.append(f'mda {offset} {length} {textsize} {ignored & 1}')
            if textsize and not ignored & 1:
                first = file.seek(offset + text) and file.read(textsize)
                assert len(first) == textsize and text + textsize <= length, 'text wraps'
                name = first.split()[0].decode()
                if name not in seen:
                    seen.add(name)
                    open(f'{outdir}/{name}.vg', 'wb').write(first)
open(f'{outdir}/facts.txt', 'w').write('\n'.join(facts) + '\n')
with open(f'{outdir}/shown.txt', 'w') as out:
    for line in open(commands):
        line = line.strip()
        if not line or line.startswith('#'):
            continue
        run = subprocess.run(line, shell=True, capture_output=True, text=True)
        out.write(f'$ {line}\n{run.stdout}')
