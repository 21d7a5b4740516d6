#!/bin/sh
# Builds Extant and shows its main job on a lab: disks, a VG, a striped LV, growth, reports, a drawing.
# Needs only Rust; writes only below a directory it makes (or the one given).
set -eu
cd "$(dirname "$0")"
lab=${1:-$(mktemp -d)/lab}
cargo build --release --quiet
extant=target/release/extant

show() {
    printf '\n$ extant'
    for word in "$@"; do
        case $word in
        *[!A-Za-z0-9_./,+:=@%-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$extant" "$@"
}

show lab create "$lab" --disks 4 --size 10g
EXTANT_LAB=$lab
export EXTANT_LAB
printf '\n$ export EXTANT_LAB=%s\n' "$lab"
show pvcreate disk1 disk2 disk3 disk4
show vgcreate vg disk1 disk2 disk3
show lvcreate -n data -L 6g -i 3 vg
show lvcreate -n log -l '10%VG' --addtag quick vg
show lvextend --plan -L +3g vg/data
show lvextend -L +3g vg/data
show vgextend vg disk4
show lvextend -l '+50%FREE' vg/log
show pvs
show vgs -o +vg_tags,vg_mda_free
show lvs -o +stripes,devices
show lvs -S 'tags=quick' --reportformat json
show max-size vg -i 2
show lab show "$lab"
printf '\nThe lab is %s: its *.img files are the disks. Remove it when you are done.\n' "$lab"
