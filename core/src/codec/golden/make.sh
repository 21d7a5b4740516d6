#!/usr/bin/env bash
# Makes the texts in this directory anew: ./make.sh DEVICE DEVICE DEVICE DEVICE
# The devices, of 2 GiB each, are overwritten. Identities and times differ from run to run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LVM_SYSTEM_DIR="$work" LVM_SUPPRESS_FD_WARNINGS=1
filter=$(printf '"a|^%s$|",' "$@")
config() {
    cat > "$work/lvm.conf" <<END
global { activation=0 locking_dir="$work/lock" $1 }
devices { use_devicesfile=0 obtain_device_list_from_udev=0 hints="none" filter=[$filter"r|.*|"] }
backup { backup_dir="$work/backup" archive_dir="$work/archive" }
END
}
keep() { # VG NAME: the committed text of the first device, and the file
    python3 - "$first" "$here/$2.disk" <<'END'
import struct, sys
disk = open(sys.argv[1], 'rb')
disk.seek(4096)
offset, size = struct.unpack('<QQ', disk.read(512)[40:56])
disk.seek(4096 + offset)
open(sys.argv[2], 'wb').write(disk.read(size))
END
    vgcfgbackup -f "$here/$2.file" "$1"
}
clear_disks() {
    for device; do dd if=/dev/zero of="$device" bs=1M count=2 conv=notrunc status=none; done
}
first=$1
config ''
clear_disks "$@"
pvcreate -ff -y "$@"
pvcreate -ff -y --bootloaderareasize 1m "$4"
vgcreate --addtag vt1 --addtag a=b/c -s 4m vg "$@"
pvchange --addtag ptag "$2"
pvchange -xn "$3"
vgchange -l 50 -p 9 vg
vgchange --alloc anywhere vg
vgchange --vgmetadatacopies 4 vg
vgchange --setautoactivation n vg
for kinds in kinds kinds2; do
    python3 "$here/$kinds.py" "$work/backup/vg" > "$work/$kinds"
    vgcfgrestore --force -f "$work/$kinds" vg
    keep vg "$kinds"
done
clear_disks "$@"
pvcreate -ff -y "$@"
config 'system_id_source="lvmlocal"'
echo 'local { system_id="sysA" }' > "$work/lvmlocal.conf"
vgcreate -s 32k empty "$1" "$2"
keep empty empty
lvcreate -an -Zn -Wn -y -L 33k -n a.b+c empty
keep empty owned
