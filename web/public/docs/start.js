// Starts the viewer of the API's document. A file of its own, because the policy of /docs allows no
// inline script. Everything is asked from this server; nothing that would call another one is on.
globalThis.Scalar.createApiReference("#reference", {
  url: "/openapi.json",
  // Its fonts would come from a server of its maker.
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
  hideClientButton: true,
  persistAuth: false,
  defaultOpenAllTags: false,
});
