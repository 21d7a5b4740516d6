# The weakened checkers, sourced by prove.sh: each must not be proved.

weak layouts.mlw Check does_fit 'an area may be an extent too long' \
  's/e <= get p.stop i - n then/e <= get p.stop i - n + 1 then/'
weak layouts.mlw Check does_fit 'an area may begin before its run' \
  's/if get p.start i <= e \&\& e <= get p.stop i - n then/if e <= get p.stop i - n then/'
weak layouts.mlw Check is_ordered 'areas may overlap' \
  's/^ *if get y.pv a = get y.pv b .*return false$/      ();/'
weak layouts.mlw Check are_disjoint 'an area may be left out of the order' \
  's/^ *if get y.order i <> a then return false$/      ()/'
weak layouts.mlw Check are_owned 'a PV may serve two legs' \
  's/^ *else if o <> l then return false$//'
weak layouts.mlw Check is_apart 'two stripes of a piece may be on one PV' \
  's/^ *if read mark v = 1 then return false;$//'
weak layouts.mlw Check are_rows_right 'there may be too few rows' \
  's/^    !sum = p.rows$/    !sum <= p.rows/'
weak layouts.mlw Check are_sizes_right 'an area may be shorter than its piece' \
  's/(area_of p y j l s) <> get y.rows_of j/(area_of p y j l s) > get y.rows_of j/'
weak layouts.mlw Check check_layout 'a stripe may leave its group' \
  's/^ *if p.rule = 2 \&\& not (are_groups_kept p y) then return false;$//'
weak layouts.mlw Check check_layout 'there may be two pieces by rules 0 and 1' \
  's/^ *if p.rule <= 1 \&\& y.pieces > 1 then return false;$//'
weak layouts.mlw Check check_layout 'a piece may begin elsewhere than it has to' \
  's/^ *if p.rule = 1 \&\& not (is_given_kept p y) then return false;$//'
weak layouts.mlw Check check_layout 'stripes are apart by rules 0 to 2 only' \
  's/if p.rule <= 3 \&\& not (are_apart/if p.rule <= 2 \&\& not (are_apart/'
weak form.mlw Form runs_apart 'runs may touch' \
  's/if get p.stop i >= get p.start (i + 1) then/if get p.stop i > get p.start (i + 1) then/'
weak form.mlw Weight group_of 'a group holds what one of its PVs holds' \
  's/sum := !sum + capped_of p v$/sum := capped_of p v/'
weak form.mlw Weight weight_of 'a PV gives a row less than it could' \
  's/if p.rule = 3 then return capped_of p i;/if p.rule = 3 then return capped_of p i \/ 2;/'
weak covers.mlw Leaves share_of 'lots are rounded down' \
  's/^    (x - 1) \/ b + 1$/    (x - 1) \/ b/'
weak covers.mlw Leaves is_leaf 'a leaf is a proof though all legs may be covered' \
  's/^    if x >= y then return false;$/    if x > y then return false;/'
weak covers.mlw Leaves all_held 'an item counts less than it gives' \
  's/(if x <= v then x else v)$/(if x < v then x else 0)/'
weak covers.mlw Walk walk 'a branch whose legs want nothing is a proof' \
  's/^    if not !branches then return -1;$//'
weak covers.mlw Walk walk 'a branch is a proof though one below it is none' \
  's/^ *if !next < 0 then return -1;$//'
weak covers.mlw Walk is_first 'a branch leaves legs out that want less than others' \
  's/if read d k = x then return false/if read d k >= x then return false/'
weak covers.mlw Walk walk 'an item serves on after it is used up' \
  's/^    write u node (-1);$//'
weak covers.mlw Certificate give_own 'what is a leg'"'"'s own does not help it' \
  '/let give_own/,$s/write d l (if x <= w then 0 else x - w);$/write d l x;/'
weak covers.mlw Certificate check_cover 'no rows at all may have no room' \
  's/if p.rule = 1 || p.rows <= 0 then return false;/if p.rule = 1 then return false;/'
weak covers.mlw Ends check_nothing_behind 'the extent behind the last row must be usable' \
  's/after >= p.rows then return false/after > p.rows then return false/'
weak covers.mlw Ends check_shared_end 'a stripe shares its own end' \
  's/^    if l = m \&\& s = t then return false;$//'
weak covers.mlw Ends check_wrong_leg 'a PV is another leg'"'"'s though it is the leg'"'"'s own' \
  's/if get p.leg v < 0 || get p.leg v = l then/if get p.leg v < 0 then/'
