"""Who people are: names, addresses and safe channels, for life."""
