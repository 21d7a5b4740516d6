#!/usr/bin/env bash
# Makes VGs of every kind with LVM2 and notes what it shows of them (facts.txt, shown.txt, *.vg).
# usage, as root: make.sh SCRATCH-DIR   (12 loop devices are taken and given back)
# Device numbers and UUIDs differ from run to run: all files are made anew together.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1; mkdir -p "$work"/{etc,lock,backup,archive,img}
D=(); cleanup() { for d in "${D[@]}"; do losetup -d "$d" || true; done; }; trap cleanup EXIT
for i in $(seq 1 12); do
    truncate -s $((60 + i * 20))M "$work/img/d$i"
    D+=("$(losetup -f --show "$work/img/d$i")")
done
conf() {
    filter=""; for d in "$@"; do filter="$filter\"a|^$d\$|\","; done
    cat > "$work/etc/lvm.conf" <<C
global { activation=0 locking_dir="$work/lock" }
devices { use_devicesfile=0 obtain_device_list_from_udev=0 hints="none" filter=[$filter"r|.*|"] }
backup { backup_dir="$work/backup" archive_dir="$work/archive" }
C
}
conf "${D[@]}"
export LVM_SYSTEM_DIR=$work/etc LVM_SUPPRESS_FD_WARNINGS=1 TZ=UTC
L="lvcreate -an -Zn -Wn -y"
# main: tags, stripes, policies, flags; a bootloader area, two ignored areas, none
pvcreate --bootloaderareasize 1m "${D[3]}"
pvcreate --metadatacopies 2 "${D[4]}"
pvcreate --metadatacopies 0 "${D[5]}"
vgcreate -s 1m --addtag vt1 --addtag vt2 main "${D[3]}" "${D[4]}" "${D[5]}"
pvchange --addtag ssd --addtag fast "${D[3]}"
pvchange -xn "${D[5]}"
pvchange --metadataignore y "${D[4]}"
$L -n lin -L 10m main; $L -n str -i2 -I 16k -L 20m main
$L -n ro -L 5m -pr --addtag t2 --addtag t1 main; $L -n cont -C y -l 3 main
$L -n fixed -L 2m -My --major 253 --minor 77 main; $L -n skip -ky -L2m main
$L -n noauto --setautoactivation n -L 2m -r 128 main; $L -n ra_none -r none -L 3m main
lvextend -L +5m main/lin; lvextend -L+4m main/str
$L -n big -l 100%FREE main; lvreduce -f -L -7m main/big; $L -n b-a.c+d_e -L 1m main
# xvg: exported; pvg: partial; e: limits; an orphan; a device that is no PV
vgcreate --setautoactivation n xvg "${D[6]}"; $L -n a -L4m xvg; vgexport xvg
vgcreate -s 1m pvg "${D[7]}" "${D[8]}"
$L -n first -L5m pvg "${D[7]}"; $L -n gone -L5m pvg "${D[8]}"; $L -n both -i2 -L6m pvg
pvcreate "${D[9]}"
vgcreate -l 5 -p 7 -s 1m --alloc cling e "${D[10]}"; $L -n a -L 1m --setautoactivation n e
# zoo: an LV of every kind
vgcreate -s 1m zoo "${D[0]}" "${D[1]}" "${D[2]}"
vgcfgbackup -f "$work/zoo0" zoo
python3 "$here/zoo.py" "$work/zoo0" > "$work/zoo1"
vgcfgrestore --force -f "$work/zoo1" zoo
losetup -d "${D[8]}"; unset 'D[8]'; conf "${D[@]}"
python3 "$here/capture.py" "$here/commands.txt" "$here" "${D[@]}"
# What is not a report.
mkdir -p "$work/displays"
python3 "$here/capture.py" "$here/displays.txt" "$work/displays" "${D[@]}"
cp "$work/displays/shown.txt" "$here/displayed.txt"
python3 "$here/capture-selections.py" "$here/selections.txt" > "$here/selected.txt"
