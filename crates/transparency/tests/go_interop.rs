//! Go's own `sumdb/note` and `sumdb/tlog` read our notes and check our proofs, and sign a note that we read.
//! It refuses to pass in silence where Go or its module sources are not installed: it says that it was skipped.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use transparency::*;

/// Where Debian's golang-golang-x-mod-dev puts the sources.
const GOPATH: &str = "/usr/share/gocode";
const NAME: &str = "ledger.riverbend.example";

const PROGRAM: &str = r#"package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	Index, Size int64
	Path        []tlog.Hash
	Hash, Root  tlog.Hash
}

type input struct {
	Vkey, Skey, Note, Text string
	Inclusion, Consistency []proof
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	var in input
	check(json.NewDecoder(os.Stdin).Decode(&in))
	verifier, err := note.NewVerifier(in.Vkey)
	check(err)
	opened, err := note.Open([]byte(in.Note), note.VerifierList(verifier))
	check(err)
	if opened.Text != in.Text {
		check(fmt.Errorf("another text"))
	}
	good := 0
	for _, p := range in.Inclusion {
		if tlog.CheckRecord(p.Path, p.Size, p.Root, p.Index, p.Hash) == nil {
			good++
		}
	}
	for _, p := range in.Consistency {
		if tlog.CheckTree(p.Path, p.Size, p.Root, p.Index, p.Hash) == nil {
			good++
		}
	}
	signer, err := note.NewSigner(in.Skey)
	check(err)
	signed, err := note.Sign(&note.Note{Text: in.Text}, signer)
	check(err)
	fmt.Printf("%d\n%s", good, signed)
}
"#;

fn go(folder: &Path, args: &[&str]) -> std::io::Result<Output> {
    let mut command = Command::new("go");
    command.args(args).current_dir(folder).env("GOPATH", GOPATH).env("GO111MODULE", "off").env("GOFLAGS", "").env("CGO_ENABLED", "0");
    command.env("GOCACHE", folder.join("cache")).output()
}

fn hashes(path: &[Hash]) -> String {
    let quoted: Vec<String> = path.iter().map(|hash| format!("\"{hash}\"")).collect();
    format!("[{}]", quoted.join(","))
}

fn proof(index: u64, size: u64, path: &[Hash], hash: Hash, root: Hash) -> String {
    format!(r#"{{"Index":{index},"Size":{size},"Path":{},"Hash":"{hash}","Root":"{root}"}}"#, hashes(path))
}

#[test]
fn go_takes_what_we_make_and_we_take_what_go_makes() {
    let folder = tempfile::tempdir().unwrap();
    if !Path::new(GOPATH).join("src/golang.org/x/mod/sumdb/note").is_dir() || go(folder.path(), &["version"]).is_err() {
        eprintln!("SKIPPED: Go and golang-golang-x-mod-dev are not installed, so nothing was compared with Go");
        return;
    }
    fs::write(folder.path().join("main.go"), PROGRAM).unwrap();
    let built = go(folder.path(), &["build", "-o", "check", "main.go"]).unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));

    let leaves: Vec<Hash> = (0..300_u64).map(|number| leaf_hash(&number.to_le_bytes())).collect();
    let mut tiles = std::collections::BTreeMap::new();
    let mut builder = TileBuilder::new();
    for leaf in &leaves {
        builder.push(*leaf, |tile, hashes| {
            tiles.insert(tile, hashes.to_vec());
        });
    }
    tiles.extend(builder.partials().map(|(tile, hashes)| (tile, hashes.to_vec())));
    let read = |level, index: u64| Ok::<_, std::convert::Infallible>(tiles[&TileId { level, index: index / 256 }][(index % 256) as usize]);
    let (mut inclusion, mut consistency) = (Vec::new(), Vec::new());
    for size in [1, 2, 3, 100, 255, 256, 257, 300] {
        let root = root_of(&leaves[..size as usize]);
        for index in (0..size).step_by(17) {
            let path = inclusion_proof(index, size, read).unwrap();
            inclusion.push(proof(index, size, &path, leaves[index as usize], root));
            let old = index + 1;
            let path = consistency_proof(old, size, read).unwrap();
            consistency.push(proof(old, size, &path, root_of(&leaves[..old as usize]), root));
        }
    }
    let expected = inclusion.len() + consistency.len();
    // One of each that must not pass.
    inclusion.push(proof(7, 300, &inclusion_proof(7, 300, read).unwrap(), leaves[8], root_of(&leaves)));
    consistency.push(proof(7, 300, &consistency_proof(7, 300, read).unwrap(), root_of(&leaves[..8]), root_of(&leaves)));

    let signer = Signer::from_seed(NAME, &[1; 32]).unwrap();
    let checkpoint = Checkpoint::new(NAME, 300, root_of(&leaves)).unwrap();
    let note = checkpoint.sign(&[&signer]).unwrap();
    let quoted = |text: &str| format!("\"{}\"", text.replace('\n', "\\n"));
    let input = format!(
        r#"{{"Vkey":{},"Skey":{},"Note":{},"Text":{},"Inclusion":[{}],"Consistency":[{}]}}"#,
        quoted(&signer.verifier().to_string()),
        quoted(&signer.to_skey()),
        quoted(&note.to_string()),
        quoted(note.text()),
        inclusion.join(","),
        consistency.join(",")
    );
    fs::write(folder.path().join("input"), input).unwrap();
    let input = fs::File::open(folder.path().join("input")).unwrap();
    let checked = Command::new(folder.path().join("check")).stdin(input).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let answer = String::from_utf8(checked.stdout).unwrap();
    let (good, signed) = answer.split_once('\n').unwrap();
    assert_eq!(good, expected.to_string(), "proofs that Go accepts");
    assert_eq!(signed, note.to_string(), "the note as Go signs it");
}
