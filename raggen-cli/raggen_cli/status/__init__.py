"""`raggen status`: how raggen is, in one screen."""
