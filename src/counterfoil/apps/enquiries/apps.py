"""Django's registration of this app."""

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "counterfoil.apps.enquiries"
    label = "enquiries"
