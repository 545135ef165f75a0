from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "explor.accounts"
    label = "accounts"
    verbose_name = "Personnes et organisations"

    def ready(self) -> None:
        from explor.accounts import permissions, second_factor, sessions

        permissions.register_all()
        sessions.listen()
        second_factor.listen()
