"""What this floor adds to the frame of every page: the officers' entry and the public one."""

from fadu.ui.slots import Group, NavEntry, nav, public_nav

nav(NavEntry(Group.LAW, "裁量基准", "discretion:sets", icon="scale", order=507, short="裁量"))
public_nav("裁量基准", "discretion:public", order=25)
