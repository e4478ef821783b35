//! A file in which every claim has the same number: each is held against those before it, and at some point refused instead.
//! Nothing in it is about anybody.
#![allow(clippy::unwrap_used, missing_docs)]

use x12::{Desk, Found, Item, Mapping, Tally};

const CLAIM: &str = include_str!("new-york.837i");

#[test]
fn a_number_that_thousands_of_claims_share_is_refused() {
    let (before, rest) = CLAIM.split_once("CLM*").unwrap();
    let (claim, after) = rest.split_once("SE*").unwrap();
    let several: String = (0..3_000).map(|n| format!("CLM*{}", claim.replacen("*80*", &format!("*{}*", n + 1), 1))).collect();
    let text = format!("{before}{several}SE*{after}").replace("SE*31*", &format!("SE*{}*", 19 + 12 * 3_000));
    let mut items: Vec<Item> = Vec::new();
    x12::read(text.as_bytes(), |found| match found {
        Found::Item(item) => items.push(item),
        Found::Problem(problem) => unreachable!("{problem}"),
        Found::End { well, .. } => assert!(well),
    })
    .unwrap();
    let mapping = Mapping::parse("[[program]]\nprogram = \"MH-1\"\nnpi = \"1234567893\"\n").unwrap();
    let (mut desk, mut tally) = (Desk::new(&mapping, [], false), Tally::default());
    let taken: Vec<_> = items.iter().map(|item| desk.take(item, &mut tally)).collect();
    let refused: Vec<String> = taken.iter().filter_map(|t| t.as_ref().err()).flatten().map(ToString::to_string).collect();
    assert_eq!((taken.len() - refused.len(), refused.len()), (2_000, 1_000));
    assert!(refused[0].contains("the number of 2000 claims before it"), "{}", refused[0]);
}
