//! The macro that turns a table of event types into structs, an enum and their field lists.
//! It only spells out what the table says: no event has behaviour of its own here.

macro_rules! family {
    (
        $(#[$fm:meta])* $family:ident {
            $( #[doc = $doc:literal] $name:literal = $tag:literal $variant:ident { $( $(#[$dm:meta])* $field:ident : $ty:ty ),* $(,)? } )*
        }
    ) => {
        $(
            #[doc = $doc]
            #[derive(Debug, Clone, PartialEq)]
            pub struct $variant { $( $(#[$dm])* #[doc = concat!("`", stringify!($field), "`")] pub $field: $ty, )* }

            impl $variant {
                /// What is known of this type without having an event of it.
                pub const SCHEMA: $crate::event::TypeSchema = $crate::event::TypeSchema {
                    name: $name,
                    tag: $crate::event::EventTag($tag),
                    family: stringify!($family),
                    fields: &[ $( $crate::field::FieldSpec {
                        name: stringify!($field),
                        kind: <$ty as $crate::field::FieldType>::KIND,
                        required: <$ty as $crate::field::FieldType>::REQUIRED,
                    } ),* ],
                    doc: $doc,
                };

                fn read(values: &dyn $crate::given::Values) -> Result<Self, Vec<$crate::field::FieldProblem>> {
                    let mut problems = Vec::new();
                    let mut places = 0..;
                    $(
                        let given = places.next().map_or($crate::given::Given::Absent, |place| values.given(place));
                        let $field = $crate::given::read_or_note::<$ty>(given, stringify!($field), &mut problems);
                    )*
                    if let ($( Some($field), )*) = ($( $field, )*) {
                        return Ok(Self { $( $field ),* });
                    }
                    Err(problems)
                }

                fn fields(&self) -> Vec<(&'static str, $crate::field::Raw<'_>)> {
                    vec![ $( (stringify!($field), $crate::field::FieldType::write(&self.$field)) ),* ]
                }
            }

            impl From<$variant> for $crate::event::Event {
                fn from(event: $variant) -> Self {
                    $crate::event::Event::$family($family::$variant(event))
                }
            }
        )*

        $(#[$fm])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $family { $( #[doc = $doc] $variant($variant), )* }

        impl $family {
            /// The types of this family, in the order of events.md.
            pub const TYPES: &'static [$crate::event::TypeSchema] = &[ $( $variant::SCHEMA ),* ];

            /// Reads an event if the type is of this family.
            pub(crate) fn read(tag: $crate::event::EventTag, values: &dyn $crate::given::Values) -> Option<Result<Self, Vec<$crate::field::FieldProblem>>> {
                match tag.0 {
                    $( $tag => Some($variant::read(values).map($family::$variant)), )*
                    _ => None,
                }
            }

            pub(crate) fn schema(&self) -> &'static $crate::event::TypeSchema {
                match self { $( $family::$variant(_) => &$variant::SCHEMA, )* }
            }

            pub(crate) fn fields(&self) -> Vec<(&'static str, $crate::field::Raw<'_>)> {
                match self { $( $family::$variant(e) => e.fields(), )* }
            }
        }
    };
}
