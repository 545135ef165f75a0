from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "explor.notifications"
    label = "notifications"
    verbose_name = "Messages"
