//! How an engine holds its plan.

use crate::plan::Plan;
use std::ops::Deref;
use std::sync::Arc;

/// A plan that is a `static` (generated code) or shared (made at run time).
#[derive(Clone, Debug)]
pub enum PlanRef {
    /// Of generated code.
    Static(&'static Plan),
    /// Made at run time.
    Shared(Arc<Plan>),
}

impl Deref for PlanRef {
    type Target = Plan;
    fn deref(&self) -> &Plan {
        match self {
            PlanRef::Static(plan) => plan,
            PlanRef::Shared(plan) => plan,
        }
    }
}

impl From<&'static Plan> for PlanRef {
    fn from(plan: &'static Plan) -> PlanRef {
        PlanRef::Static(plan)
    }
}

impl From<Arc<Plan>> for PlanRef {
    fn from(plan: Arc<Plan>) -> PlanRef {
        PlanRef::Shared(plan)
    }
}

impl From<Plan> for PlanRef {
    fn from(plan: Plan) -> PlanRef {
        PlanRef::Shared(Arc::new(plan))
    }
}
