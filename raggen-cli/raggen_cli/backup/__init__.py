"""Copies of everything that raggen keeps: made while it runs, checked, put back."""
