"""`raggen quality`: how answers do, and whether a change made memory find more or less."""
