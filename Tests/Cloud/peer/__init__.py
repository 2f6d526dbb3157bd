"""What the servers on loopback that are not AWS have in common: HTTP, faults and a control API."""
