"""Sign-in and accounts."""

from tests.role_rows.kinds import EVERYONE, SIGNED_IN, get

ROWS = [
    get("demo", "/demo/"),
    get("demo_mail", "/demo/courrier/"),
    get("mail_stop", lambda g: f"/messages/arreter/{g.stop_key()}/", *EVERYONE),
    *(
        get(name, f"/compte/{tail}", *EVERYONE)
        for name, tail in (
            ("account_login", "login/"),
            ("account_signup", "signup/"),
            ("account_inactive", "inactive/"),
            ("account_logout", "logout/"),
            ("account_reset_password", "password/reset/"),
            ("account_reset_password_done", "password/reset/done/"),
            ("account_reset_password_from_key", "password/reset/key/1-set-password/"),
            ("account_reset_password_from_key_done", "password/reset/key/done/"),
            ("account_request_login_code", "login/code/"),
        )
    ),
    *(
        get(name, f"/compte/{tail}", *SIGNED_IN)
        for name, tail in (
            ("account_email", "email/"),
            ("mfa_authenticate", "2fa/authenticate/"),
            ("account_confirm_login_code", "login/code/confirm/"),
            ("account_email_verification_sent", "confirm-email/"),
            ("account_change_password", "password/change/"),
            ("account_set_password", "password/set/"),
            ("mfa_index", "2fa/"),
            ("mfa_activate_totp", "2fa/totp/activate/"),
            ("mfa_generate_recovery_codes", "2fa/recovery-codes/generate/"),
        )
    ),
    # they ask for a password or a second factor, which the people of these tests do not have
    *(
        get(name, f"/compte/{tail}")
        for name, tail in (
            ("account_reauthenticate", "reauthenticate/"),
            ("mfa_reauthenticate", "2fa/reauthenticate/"),
            ("mfa_deactivate_totp", "2fa/totp/deactivate/"),
            ("mfa_view_recovery_codes", "2fa/recovery-codes/"),
            ("mfa_download_recovery_codes", "2fa/recovery-codes/download/"),
        )
    ),
]
