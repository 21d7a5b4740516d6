use super::{Bound, run};
use crate::proof::{Checker, RUST, Wrong};

const SMALL: Bound =
    Bound { pvs: 2, extents: 2, shapes: &[(1, 2), (2, 1)], rows: 2, pieces: 1, nodes: 3 };

#[test]
fn the_checkers_agree_on_small_inputs() {
    let count = run(SMALL, RUST).unwrap();
    println!("every input of {SMALL:?}: {count}");
    assert_eq!((count.layouts_accepted, count.layouts_rejected), (18_790, 3_821_594));
    assert_eq!((count.certificates_accepted, count.certificates_rejected), (119_694, 1_682_610));
}

#[test]
fn the_checkers_agree_on_layouts_of_two_pieces() {
    let bound = Bound { extents: 3, shapes: &[(1, 1)], rows: 3, pieces: 2, ..SMALL };
    let count = run(bound, RUST).unwrap();
    println!("every input of {bound:?}: {count}");
    assert_eq!((count.layouts_accepted, count.layouts_rejected), (15_744, 3_041_408));
    assert_eq!((count.certificates_accepted, count.certificates_rejected), (18_382, 1_125_938));
}

#[test]
fn checkers_that_accept_or_reject_all_are_caught() {
    for checker in [
        Checker { layout: |_, _| Ok(()), ..RUST },
        Checker { certificate: |_, _| Ok(()), ..RUST },
        Checker { layout: |_, _| Err(Wrong::NotContiguous), ..RUST },
        Checker { certificate: |_, _| Err(Wrong::NoProof), ..RUST },
    ] {
        assert!(run(SMALL, checker).unwrap_err().contains("the proved checker"));
    }
}
