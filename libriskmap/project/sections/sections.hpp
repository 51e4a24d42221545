// SPDX-License-Identifier: MIT
// Private: the sections of the project file, a source each. `declare_x` adds the tables of a
// section (and of those below it) to the schema, `read_x` fills its part of the project.
// \throws Error{input} with file and line.
#pragma once

#include "../table.hpp"

namespace riskmap::project {

void declare_project(Schema& schema);
void declare_areas(Schema& schema);
void declare_grid(Schema& schema);
void declare_check(Schema& schema);
void declare_hazard(Schema& schema);
void declare_exposure(Schema& schema);
void declare_indicators(Schema& schema);
void declare_weights(Schema& schema);
void declare_risk(Schema& schema);
void declare_uncertainty(Schema& schema);
void declare_zoning(Schema& schema);
void declare_prevention(Schema& schema);
void declare_forest(Schema& schema);
void declare_scenario(Schema& schema);
void declare_shelter(Schema& schema);
void declare_atlas(Schema& schema);
void declare_output(Schema& schema);

void read_head(const CheckedFile& file, Project& project);
void read_areas(const CheckedFile& file, Project& project);
void read_grid(const CheckedFile& file, Project& project);
void read_check(const CheckedFile& file, Project& project);
void read_hazards(const CheckedFile& file, Project& project);
void read_exposures(const CheckedFile& file, Project& project);
void read_indicators(const CheckedFile& file, Project& project);
void read_weights(const CheckedFile& file, Project& project);
void read_risk(const CheckedFile& file, Project& project);
void read_uncertainty(const CheckedFile& file, Project& project);
void read_zoning(const CheckedFile& file, Project& project);
void read_prevention(const CheckedFile& file, Project& project);
void read_forest(const CheckedFile& file, Project& project);
/// Before the shelters, whose older keys of the same it takes up.
void read_scenario(const CheckedFile& file, Project& project);
void read_shelters(const CheckedFile& file, Project& project);
void read_atlas(const CheckedFile& file, Project& project);
void read_output(const CheckedFile& file, Project& project);

} // namespace riskmap::project
