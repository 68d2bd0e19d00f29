//! In place of an analyst where a build has none: says so.

use async_trait::async_trait;
use starling_actors::domain::OrgId;
use starling_actors::ports::{
    Analyst, AnalystError, DescribeTask, Described, DraftTask, Drafted, ExplainTask, Explained,
};

/// Reaches nobody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unplugged;

const WHY: &str = "this build has no assistant";

fn nobody<T>() -> Result<T, AnalystError> {
    Err(AnalystError::Unavailable(WHY.to_owned()))
}

#[async_trait]
impl Analyst for Unplugged {
    async fn draft(&self, _: &DraftTask) -> Result<Drafted, AnalystError> {
        nobody()
    }

    async fn explain(&self, _: &ExplainTask) -> Result<Explained, AnalystError> {
        nobody()
    }

    async fn describe(&self, _: &DescribeTask) -> Result<Described, AnalystError> {
        nobody()
    }

    async fn name(&self, _: OrgId) -> String {
        String::new()
    }
}
