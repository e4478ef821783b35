//! MHOTRS: whether what a peer did belongs to the lists of the peer's own type.
//! A list is no prohibition: components outside it are records to review, and only transport as the sole purpose is more.

pub mod scope_00;
pub mod scope_01;
pub mod scope_02;
pub mod scope_03;
pub mod scope_04;

use domain::words::Service;
use rules::{Case, Checked, Class, Missing, Params, Verdict};

/// The list of components of each peer type, MHOTRS and PROS.
const LISTS: [&str; 4] = ["components.adult", "components.family", "components.youth", "components.pros"];

/// The list of a MHOTRS peer service.
pub(crate) fn own_list(service: Service) -> Option<&'static str> {
    match service {
        Service::MhotrsAdultPeer => Some("components.adult"),
        Service::MhotrsFamilyPeer => Some("components.family"),
        Service::MhotrsYouthPeer => Some("components.youth"),
        Service::ProsPss | Service::CorePeer | Service::Other => None,
    }
}

/// The first list that has the component of a contact, if any has.
pub(crate) fn list_of_component(case: &Case<'_>, p: &Params<'_>) -> Result<Option<&'static str>, Missing> {
    let Some(component) = case.component() else { return Ok(None) };
    for list in LISTS {
        if p.lists(list, component, case.day())? {
            return Ok(Some(list));
        }
    }
    Ok(None)
}

/// The check that MHOTRS-SCOPE-01, -02 and -03 share, each for its own service: a component is given and stands in some list.
pub(crate) fn component_in_a_list(case: &Case<'_>, p: &Params<'_>, service: Service) -> Checked {
    if case.contact().service != service {
        return Ok(Verdict::NotApplicable);
    }
    if list_of_component(case, p)?.is_some() {
        return Ok(Verdict::Met);
    }
    let message = || match case.component() {
        Some(component) => format!("contact on {} with component {component}, which is in no list", case.day()),
        None => format!("contact on {} with no component", case.day()),
    };
    case.breach(Class::Documentation)
        .lacks(case.view(), || "a component of the peer's own list".to_owned())
        .say(case.view(), message)
        .verdict()
}
