//! Writes a new rule's folder, its chapter's `mod` line and its line of the registry, so that only the law is left to say.
//! It refuses to touch a folder or an id that exists, and it does not guess at an order beyond the end of the chapter.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::catalog_source::{CATALOG_FOLDER, REGISTRY, RuleFolder, folders, registered, rule_id};
use crate::tree::Tree;
