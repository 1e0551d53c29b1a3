"""The pages of this floor: the door, one's own account, people, delegations, and the three administrators."""
