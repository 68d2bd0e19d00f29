//! People, organizations, sign-ins, invitations and tokens. Never a password or a hash.

use serde::Serialize;
use serde_json::{Map, Value};
use starling_actors::domain::{GroupFace, Presence, Timestamp, UserId};

use super::beside::CustomStatusView;
use super::time::rfc3339;
use crate::auth::{
    Group, Invitation, Login, NewInvitationToken, NewPersonalToken, Organization, PersonalToken,
    SignedIn, User,
};

/// A person, with private fields only for themselves and admins.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct UserView {
    /// The person's id.
    pub id: String,
    /// Unique within the organization.
    pub username: String,
    /// Empty when never given.
    pub full_name: String,
    /// Empty when there is no picture.
    pub avatar_url: String,
    /// `online`, `away`, `dnd` or `offline`.
    pub status: &'static str,
    /// What they say of themselves; `null`: nothing.
    pub custom_status: Option<CustomStatusView>,
    /// When they came.
    pub created_at: String,
    /// Whether it is a program.
    pub is_bot: bool,
    /// What others do not see.
    #[serde(flatten)]
    pub private: Option<PrivateUserView>,
}

/// What only a person themselves and admins see of them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PrivateUserView {
    /// Empty for guests.
    pub email: String,
    /// `admin`, `analyst`, `viewer` or `guest`.
    pub role: &'static str,
    /// Their organization's id.
    pub org_id: String,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether they run the server itself.
    pub is_superuser: bool,
    /// Whether nothing is known of them any more.
    pub is_erased: bool,
}

impl UserView {
    /// A person as everyone of the organization sees them.
    pub fn public(user: &User, presence: Presence, now: Timestamp) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.username.clone(),
            full_name: user.full_name.clone(),
            avatar_url: user.avatar_url.clone(),
            status: presence.as_str(),
            custom_status: user.says_at(now).as_ref().map(CustomStatusView::from),
            created_at: rfc3339(user.created_at.into()),
            is_bot: user.id.is_program(),
            private: None,
        }
    }

    /// A person as they and admins see them.
    pub fn private(user: &User, presence: Presence, now: Timestamp) -> Self {
        let private = PrivateUserView {
            email: user.email.clone(),
            role: user.role.as_str(),
            org_id: user.org.to_string(),
            is_active: user.is_active,
            is_superuser: user.is_superuser,
            is_erased: user.is_erased,
        };
        Self { private: Some(private), ..Self::public(user, presence, now) }
    }
}

/// A new pair of tokens and whose it is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TokenPairView {
    /// Opens the API and sockets.
    pub access_token: String,
    /// Gets the next pair, once.
    pub refresh_token: String,
    /// Always `bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token ends.
    pub expires_in: i64,
    /// Whose they are.
    pub user: UserView,
}

impl TokenPairView {
    /// What someone gets who has signed in.
    pub fn new(signed_in: SignedIn, presence: Presence, now: Timestamp) -> Self {
        Self {
            user: UserView::private(&signed_in.user, presence, now),
            access_token: signed_in.access_token,
            refresh_token: signed_in.refresh_token,
            token_type: "bearer",
            expires_in: signed_in.expires_in,
        }
    }
}

/// A new account: the person's fields, and the tokens beside them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RegisteredView {
    /// The same as `user`, for clients that look for the fields here.
    #[serde(flatten)]
    pub person: UserView,
    /// The tokens and `user`.
    #[serde(flatten)]
    pub tokens: TokenPairView,
}

impl RegisteredView {
    /// What someone gets who has signed up.
    pub fn new(tokens: TokenPairView) -> Self {
        Self { person: tokens.user.clone(), tokens }
    }
}

/// An organization.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OrganizationView {
    /// The organization's id.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Unique on the server.
    pub slug: String,
    /// Always `free`.
    pub plan: String,
    /// Most people; `null` is no limit.
    pub max_users: Option<u32>,
    /// Most connections to databases; `null` is no limit.
    pub max_connections: Option<u32>,
    /// People, guests not counted.
    pub users: u32,
    /// Connections to databases.
    pub connections: u32,
    /// `open`, `invite` or `closed`.
    #[schema(value_type = String)]
    pub registration: crate::config::RegistrationMode,
    /// Chosen by the admins.
    #[schema(value_type = Object)]
    pub settings: Map<String, Value>,
}

impl From<Organization> for OrganizationView {
    fn from(organization: Organization) -> Self {
        Self {
            id: organization.id.to_string(),
            name: organization.name,
            slug: organization.slug,
            plan: organization.plan,
            max_users: organization.users_max,
            max_connections: organization.connections_max,
            users: organization.users,
            connections: organization.connections,
            registration: organization.registration,
            settings: organization.settings,
        }
    }
}

/// A sign-in that has not ended.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LoginView {
    /// The `sid` of its tokens.
    pub id: String,
    /// When they signed in.
    pub created_at: String,
    /// When tokens were last given.
    pub last_used_at: String,
    /// Until when it lasts without a refresh.
    pub expires_at: String,
    /// From where.
    pub ip_address: String,
    /// With what.
    pub user_agent: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

impl LoginView {
    /// A sign-in; `is_current` when it is the caller's own.
    pub fn new(login: Login, is_current: bool) -> Self {
        Self {
            id: login.id.to_string(),
            created_at: rfc3339(login.created_at.into()),
            last_used_at: rfc3339(login.used_at.into()),
            expires_at: rfc3339(login.expires_at.into()),
            ip_address: login.address,
            user_agent: login.user_agent,
            is_current,
        }
    }
}

/// A list of the data API.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LoginList {
    /// The sign-ins.
    pub data: Vec<LoginView>,
    /// How many.
    pub count: usize,
}

/// An invitation. Its token is shown once, when it is made.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct InvitationView {
    /// The invitation's id.
    pub id: String,
    /// Whom for; `null`: whoever holds the token.
    pub email: Option<String>,
    /// What they will be.
    pub role: &'static str,
    /// When it was made.
    pub created_at: String,
    /// Until when it counts.
    pub expires_at: String,
    /// What the person signs up with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite_token: Option<String>,
    /// A link to the page that signs them up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it is on its way to their e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_mailed: Option<bool>,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            email: Some(invitation.email).filter(|email| !email.is_empty()),
            role: invitation.role.as_str(),
            created_at: rfc3339(invitation.created_at.into()),
            expires_at: rfc3339(invitation.expires_at.into()),
            invite_token: None,
            url: None,
            is_mailed: None,
        }
    }
}

impl InvitationView {
    /// A new invitation, with a link to the server's page.
    pub fn with_token(new: NewInvitationToken, server: &str) -> Self {
        let url = Some(format!("{}/?invite={}", server.trim_end_matches('/'), new.token));
        Self { invite_token: Some(new.token), url, ..Self::from(new.invitation) }
    }
}

/// A personal access token. Its secret is shown once, when it is made.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PersonalTokenView {
    /// The token's id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// Until when it counts; `null`: until it is deleted.
    pub expires_at: Option<String>,
    /// The secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl From<PersonalToken> for PersonalTokenView {
    fn from(token: PersonalToken) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            created_at: rfc3339(token.created_at.into()),
            expires_at: token.expires_at.map(|at| rfc3339(at.into())),
            token: None,
        }
    }
}

impl From<NewPersonalToken> for PersonalTokenView {
    fn from(new: NewPersonalToken) -> Self {
        Self { token: Some(new.token), ..Self::from(new.kept) }
    }
}

/// People who are called by one name.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct GroupView {
    /// The group's id.
    pub id: String,
    /// What stands behind the `@`.
    pub handle: String,
    /// As it is shown.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Who is in it.
    pub member_ids: Vec<String>,
    /// When it was made.
    pub created_at: String,
}

impl From<&GroupFace> for GroupView {
    fn from(group: &GroupFace) -> Self {
        Self {
            id: group.id.to_string(),
            handle: group.handle.clone(),
            name: group.name.clone(),
            description: group.description.clone(),
            member_ids: group.members.iter().map(UserId::to_string).collect(),
            created_at: rfc3339(group.created_at),
        }
    }
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        Self::from(&group.face())
    }
}

/// What opens one socket, once.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TicketView {
    /// Goes into the socket's address as `ticket`.
    pub ticket: String,
    /// Seconds for which it counts.
    pub expires_in: i64,
}

/// A bot and what it can come by.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BotView {
    /// Its account.
    pub user: UserView,
    /// Its tokens, without their secrets.
    pub tokens: Vec<PersonalTokenView>,
}

/// A bot that was just made.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NewBotView {
    /// Its account.
    pub user: UserView,
    /// Its first token, with its secret.
    pub token: PersonalTokenView,
}
