"""The quarter of the year, by the department's calendar."""

from ckanext.cpdi.rows.derived import Derived


class Quarter(Derived):
    name = "quarter"
    columns = ("number",)
    version = "1"

    def derive(self, plan, batch):
        time = batch.columns[plan.table.time].dt.convert_time_zone(plan.profile.time_zone)
        return {"number": time.dt.quarter()}
