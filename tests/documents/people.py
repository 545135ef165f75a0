from explor.accounts.models import User


def someone(name: str = "awa") -> User:
    """A person with no role at all."""
    return User.objects.create_user(f"{name}@explor.example", first_name=name.title())
