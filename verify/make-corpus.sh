#!/usr/bin/env bash
# Makes the labels and area headers of the corpus with LVM2, on loop devices (needs root).
set -euo pipefail
here=$(cd "$(dirname "$0")/corpus" && pwd)
dir=$(mktemp -d); devices=()
trap 'for device in "${devices[@]}"; do losetup -d "$device"; done; rm -r "$dir"' EXIT
for number in 0 1 2; do
  truncate -s 64M "$dir/$number"
  devices+=("$(losetup -f --show "$dir/$number")")
done
filter=$(printf '"a|^%s$|",' "${devices[@]}")
cat >"$dir/lvm.conf" <<END
global { activation=0 use_aio=0 locking_dir="$dir/lock" }
devices { use_devicesfile=0 hints="none" filter=[$filter"r|.*|"] }
backup { backup=0 archive=0 }
END
export LVM_SYSTEM_DIR=$dir LVM_SUPPRESS_FD_WARNINGS=1
lvm pvcreate "${devices[0]}" --bootloaderareasize 1m
lvm pvcreate "${devices[1]}" --pvmetadatacopies 2 --metadatasize 64k --dataalignment 64k
lvm pvcreate "${devices[2]}" --pvmetadatacopies 0
keep() { # NAME: keeps the label and the first area header of each device
  for number in 0 1 2; do
    head -c 1024 "${devices[number]}" >"$here/label/$1-$number"
    dd if="${devices[number]}" of="$here/mda/$1-$number" bs=512 skip=8 count=1 status=none
  done
}
keep orphan
lvm vgcreate -s 64k v "${devices[@]}"
for number in $(seq 30); do lvm lvcreate -an -Zn -Wn -y -l1 -n "lv$number" v; done
lvm vgchange --vgmetadatacopies 1 v
keep used
rm "$here/mda/orphan-2" "$here/mda/used-2"
