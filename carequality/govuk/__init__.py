"""GOV.UK form pieces: fields, the form mixin, list pages, charts. See docs/forms.md."""
