"""The profile of a sector: its strategic framework, diagnosis, policies, actors, resources and action plans."""
