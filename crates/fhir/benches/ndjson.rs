//! How many megabytes of FHIR bulk data a second become drafts, on one core and in constant memory: `cargo bench -p fhir`.
//! Times the machine it runs on and judges nothing.
#![allow(clippy::disallowed_methods, reason = "a benchmark measures time")]

use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

use fhir::{Item, Mapping, Reader};

const MEGABYTES: u64 = 400;

/// An encounter as record systems export it: three of its four parts mean nothing to the ledger.
fn encounter(number: usize) -> String {
    let (day, minute) = (1 + number % 28, number % 60);
    format!(
        concat!(
            r#"{{"resourceType":"Encounter","id":"e-{n}","meta":{{"versionId":"3","lastUpdated":"2025-03-{d:02}T21:15:07.123Z","#,
            r#""profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter"]}},"#,
            r#""text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Encounter of an invented person, finished, ambulatory</p></div>"}},"#,
            r#""identifier":[{{"use":"official","system":"urn:oid:1.2.3.4.5.6","value":"{n}"}}],"status":"finished","#,
            r#""class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB","display":"ambulatory"}},"#,
            r#""type":[{{"coding":[{{"system":"http://www.ama-assn.org/go/cpt","code":"H0038","display":"Self-help/peer services, per 15 minutes"}}],"text":"Peer support"}}],"#,
            r#""subject":{{"reference":"Patient/p-{p}","display":"Invented, Person"}},"episodeOfCare":[{{"reference":"EpisodeOfCare/ep-{p}"}}],"#,
            r#""participant":[{{"type":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"PPRF","display":"primary performer"}}]}}],"#,
            r#""period":{{"start":"2025-03-{d:02}T10:{m:02}:00-05:00"}},"individual":{{"reference":"Practitioner/s-{s}","display":"Invented, Peer"}}}}],"#,
            r#""period":{{"start":"2025-03-{d:02}T10:{m:02}:00-05:00","end":"2025-03-{d:02}T11:{m:02}:00-05:00"}},"#,
            r#""basedOn":[{{"reference":"ServiceRequest/sr-{p}"}}],"location":[{{"location":{{"reference":"Location/l-1","display":"Main street"}},"status":"completed"}}],"#,
            r#""serviceProvider":{{"reference":"Organization/42","display":"Riverbend, an invented agency"}}}}"#,
            "\n"
        ),
        n = number,
        d = day,
        m = minute,
        p = number % 1500,
        s = number % 40,
    )
}

/// The same lines over and over, with nothing of the whole in memory.
struct Stream {
    lines: Vec<u8>,
    at: usize,
    left: u64,
}

impl Read for Stream {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.lines.len() {
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            self.at = 0;
        }
        let n = out.len().min(self.lines.len() - self.at);
        out[..n].copy_from_slice(&self.lines[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("VmHWM: unknown").to_owned()
}

/// Processor time of this process in seconds, which other work on the machine does not lengthen.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: Vec<f64> = after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse().ok()).collect();
    ticks.iter().sum::<f64>() / 100.0
}

fn main() {
    let toml = "[programs]\n\"Organization/42\" = { program = \"MH-1\", peer_service = \"mhotrs_adult_peer\" }\n";
    let Ok(mapping) = Mapping::parse(toml) else { return println!("the mapping is not understood") };
    let mapping = Arc::new(mapping);
    let lines: String = (0..2_000).map(encounter).collect();
    let bundle = format!("{{\"resourceType\":\"Bundle\",\"entry\":[{}]}}\n", lines.trim_end().split('\n').map(|l| format!("{{\"resource\":{l}}}")).collect::<Vec<_>>().join(",\n"));
    for (what, text) in [("NDJSON", &lines), ("NDJSON", &lines), ("bundles of 3 MB", &bundle)] {
        let bytes = text.len() as u64;
        let times = MEGABYTES * 1_000_000 / bytes;
        let mut reader = Reader::new(Stream { lines: text.clone().into_bytes(), at: 0, left: times.saturating_sub(1) }, Arc::clone(&mapping));
        let (start, began, mut drafts, mut refused) = (Instant::now(), processor(), 0u64, 0u64);
        while let Ok(Some((_, item))) = reader.next_item() {
            match item {
                Item::Drafts(more) => drafts += more.len() as u64,
                Item::Refused(_) => refused += 1,
                Item::Passed(_) => {}
            }
        }
        let (wall, busy) = (start.elapsed().as_secs_f64(), processor() - began);
        let megabytes = (bytes * times) as f64 / 1e6;
        println!("{what:<16} {drafts} drafts, {refused} refused, {:>6.1} MB/s by the wall, {:>6.1} MB a processor second, {}", megabytes / wall, megabytes / busy, peak());
    }
}
