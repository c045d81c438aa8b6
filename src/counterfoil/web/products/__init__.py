"""What the screens of products and quotations say: words, terms by section, tables as heat maps."""
