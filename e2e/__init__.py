"""The whole of raggen, as its user meets it: started by `raggen up`, seen through a browser."""
