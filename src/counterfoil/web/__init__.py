"""The workbench: screens of the counter. A view translates in, makes one call, translates out."""
