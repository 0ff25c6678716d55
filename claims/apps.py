from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claim Workbench"

    def ready(self) -> None:
        from claims import checks, guards  # noqa: F401  registers the system checks
        from claims.defaults import install_defaults

        pre_migrate.connect(guards.step_aside, sender=self)
        post_migrate.connect(guards.install, sender=self)
        post_migrate.connect(install_defaults, sender=self)
