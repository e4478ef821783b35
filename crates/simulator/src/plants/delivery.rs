//! Plants about what was done in a contact (MHOTRS-SET, -ORG, -SCOPE): clinical work, errands, transport, components of another list.
//! The notes and claims of these contacts are in order.

use domain::words::Service;

use super::{Plant, plant};
use crate::delivery::Visit;
use crate::expected::{DOCUMENTATION, VIOLATION};
use crate::office::Office;

pub(super) const PLANTS: &[Plant] = &[
    plant("a clinical activity", clinical),
    plant("only care coordination", only_coordination),
    plant("only transport for a youth", only_transport),
    plant("accompanied a youth, and talked", accompanied),
    plant("component of another list", another_list),
    plant("no component, adult", no_component_adult),
    plant("no component, family", no_component_family),
    plant("no component, youth", no_component_youth),
];

/// A regular's billed visit, changed; a finding from the contact on.
fn changed(office: &mut Office, service: Service, change: fn(&mut Visit), finding: Option<(&'static str, &'static str)>) {
    let client = office.regular(service);
    let day = office.some_day(5, 85);
    let mut visit = office.visit(client, day);
    change(&mut visit);
    let place = office.file_and_bill(visit);
    if let Some((rule, class)) = finding {
        office.expect(rule, class, place, office.known(place));
    }
}

fn clinical(office: &mut Office) {
    changed(office, Service::MhotrsAdultPeer, |v| v.activities = vec!["A3.06", "X1"], Some(("MHOTRS-SET-09", VIOLATION)));
}

/// One of the two was billed.
fn only_coordination(office: &mut Office) {
    changed(office, Service::MhotrsFamilyPeer, |v| v.activities = vec!["X7", "X6"], Some(("MHOTRS-ORG-18", VIOLATION)));
    let client = office.regular(Service::MhotrsFamilyPeer);
    let day = office.some_day(5, 90);
    let mut visit = office.visit(client, day);
    visit.activities = vec!["X6"];
    let place = office.file(visit);
    office.expect("MHOTRS-ORG-18", DOCUMENTATION, place, office.known(place));
}

fn only_transport(office: &mut Office) {
    changed(office, Service::MhotrsYouthPeer, |v| v.activities = vec!["X5"], Some(("MHOTRS-SCOPE-04", VIOLATION)));
}

/// Driving somebody somewhere is fine when it is not all that was done.
fn accompanied(office: &mut Office) {
    changed(office, Service::MhotrsYouthPeer, |v| v.activities = vec!["Y5.01", "X5"], None);
}

fn another_list(office: &mut Office) {
    changed(office, Service::MhotrsAdultPeer, |v| v.component = Some("F3"), Some(("MHOTRS-SCOPE-00", DOCUMENTATION)));
}

fn no_component_adult(office: &mut Office) {
    changed(office, Service::MhotrsAdultPeer, |v| v.component = None, Some(("MHOTRS-SCOPE-01", DOCUMENTATION)));
}

fn no_component_family(office: &mut Office) {
    changed(office, Service::MhotrsFamilyPeer, |v| v.component = Some("FX"), Some(("MHOTRS-SCOPE-02", DOCUMENTATION)));
}

fn no_component_youth(office: &mut Office) {
    changed(office, Service::MhotrsYouthPeer, |v| v.component = None, Some(("MHOTRS-SCOPE-03", DOCUMENTATION)));
}
