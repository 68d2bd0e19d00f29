//! An answer's chart as a picture.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use starling_actors::chat::Caller;
use starling_actors::domain::{Answer, JobId};
use starling_actors::query::Sight;

use crate::chart_image::{HEIGHTS, Picture, Theme, WIDTHS};
use crate::http::AppState;
use crate::http::params::{At, Params, Written, optional};
use crate::http::problem::Problem;

/// A picture that is opened as a page of its own loads nothing, runs nothing and sends nothing.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; sandbox";

/// How it is to look.
#[derive(Debug, Default, Deserialize)]
pub struct Look {
    theme: Option<String>,
    width: Option<String>,
    height: Option<String>,
}

impl Look {
    fn theme(&self) -> Result<Theme, Problem> {
        match self.theme.as_deref() {
            None | Some("" | "light") => Ok(Theme::Light),
            Some("dark") => Ok(Theme::Dark),
            Some(_) => Err(Problem::invalid_field("theme", "must be light or dark")),
        }
    }
}

/// Reads a length in pixels.
fn length(
    field: &str,
    text: Option<&str>,
    range: std::ops::RangeInclusive<u32>,
) -> Result<Option<u32>, Problem> {
    let length = optional(field, text)?;
    if length.is_none_or(|length| range.contains(&length)) {
        return Ok(length);
    }
    let (least, most) = range.into_inner();
    Err(Problem::invalid_field(field, format!("must be from {least} to {most}")))
}

/// The chart of an answer, drawn from its first rows as one self-contained SVG.
#[utoipa::path(get, path = "/api/v1/queries/{job}/chart.svg",
    params(
        ("theme" = Option<String>, Query, description = "`light` (default) or `dark`"),
        ("width" = Option<u32>, Query, description = "240 to 1600 pixels; 640 when missing"),
        ("height" = Option<u32>, Query, description = "160 to 1200 pixels; by the chart when missing"),
    ),
    responses(
        (status = 200, body = String, content_type = "image/svg+xml"),
        (status = 403, description = "its data is not open to the reader"),
        (status = 404, description = "there is no such answer, or it has no chart"),
    ))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<JobId>>,
    Params(look): Params<Look>,
) -> Result<Response, Problem> {
    match state.questions.answer(&caller, id).await? {
        Sight::Full(answer) => drawn(&answer, &look),
        Sight::Restricted(_) => {
            Err(Problem::forbidden("restricted", "this answer uses data that is not open to you"))
        }
    }
}

fn drawn(answer: &Answer, look: &Look) -> Result<Response, Problem> {
    let (theme, width, height) = (
        look.theme()?,
        length("width", look.width.as_deref(), WIDTHS)?,
        length("height", look.height.as_deref(), HEIGHTS)?,
    );
    let svg = answer.chart.as_ref().and_then(|chart| {
        let (table, rows) = (&answer.preview, answer.row_count);
        Picture { chart, table, rows, theme, width, height }.svg()
    });
    let svg = svg.ok_or_else(|| Problem::not_found("this answer has no chart"))?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"chart.svg\""),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // Who may see the data is asked anew each time.
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, Body::from(svg)).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use starling_actors::domain::ChartKind;

    use super::*;
    use crate::wire::ask::testing::{answer, table};

    fn look(theme: &str, width: &str) -> Look {
        Look { theme: Some(theme.to_owned()), width: Some(width.to_owned()), height: None }
    }

    #[test]
    fn a_chart_comes_as_a_picture_that_may_do_nothing() {
        let response = drawn(&answer(table()), &look("dark", "400")).unwrap();

        let header = |name| response.headers().get(name).unwrap().to_str().unwrap();
        assert_eq!(header(header::CONTENT_TYPE), "image/svg+xml");
        assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header(header::CACHE_CONTROL), "no-store");
        let policy = header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'") && policy.ends_with("sandbox"));
    }

    #[test]
    fn an_answer_without_a_chart_has_no_picture() {
        let mut without = answer(table());
        without.chart = None;
        let mut as_table = answer(table());
        as_table.chart.as_mut().unwrap().kind = ChartKind::Table;
        for answer in [without, as_table] {
            let problem = drawn(&answer, &Look::default()).unwrap_err();
            assert_eq!(problem.into_response().status(), StatusCode::NOT_FOUND);
        }
    }

    #[test]
    fn a_look_that_cannot_be_drawn_is_refused() {
        for look in [look("sepia", ""), look("", "10"), look("", "100000"), look("", "wide")] {
            let problem = drawn(&answer(table()), &look).unwrap_err();
            assert_eq!(problem.into_response().status(), StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
}
