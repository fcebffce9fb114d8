"""What is shown: views, forms, charts."""
