"""The content security policy: pages run nothing but the product's own files."""

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "worker-src": "'self'",  # the inspector's page, kept for when there is no network
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

# Plotly sets styles from its script: where charts are drawn that is allowed, and nothing else.
POLICY_WITH_CHARTS = POLICY | {"style-src": "'self' 'unsafe-inline'"}
