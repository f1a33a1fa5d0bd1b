"""A case goes to another team, authority or agency: offered, answered, passed on at one instant."""
