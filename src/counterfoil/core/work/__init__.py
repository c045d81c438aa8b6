"""The work of the insurer's people: clocks, checklists, queues; pure."""
