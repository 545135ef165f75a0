from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "explor.accounts"
    label = "accounts"
    verbose_name = "Personnes et organisations"
