# Notes what LVM2 selects, or says, for each line of selections.txt.
# usage: LVM_SYSTEM_DIR=... TZ=UTC capture-selections.py SELECTIONS > selected.txt
import subprocess, sys
for line in open(sys.argv[1]):
    text = line.rstrip('\n')
    run = subprocess.run(['lvs', '-a', '--noheadings', '--unbuffered', '-o', 'lv_name', '-S', text,
                          'main', 'zoo/org', 'zoo/old', 'zoo/err'], capture_output=True, text=True)
    said = [l[2:] for l in run.stderr.split('\n') if l and not l.startswith('  WARNING: Act')]
    # Lists of fields and operators end with a line of blanks.
    while ' ' in said:
        said = said[said.index(' ') + 1:]
    shown = ' '.join(run.stdout.split())
    print(text, '!' + '|'.join(said) if run.returncode else '=' + shown, sep='\t')
