// SPDX-License-Identifier: MIT
#include "order.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::run {

std::vector<std::vector<const Step*>> stages_of(const std::vector<Step>& steps) {
    std::map<std::string, const Step*> makers;
    for (const auto& step : steps)
        for (const auto& file : step.makes)
            if (const auto [at, fresh] = makers.emplace(file.string(), &step); !fresh)
                throw Error{ErrorKind::internal,
                            fmt::format("steps '{}' and '{}' both make '{}'", at->second->id,
                                        step.id, file.string())};
    std::map<const Step*, std::size_t> stage;
    std::vector<std::vector<const Step*>> stages;
    while (stage.size() < steps.size()) {
        std::vector<const Step*> ready;
        for (const auto& step : steps) {
            const bool waits =
                std::any_of(step.needs.begin(), step.needs.end(), [&](const auto& file) {
                    const auto maker = makers.find(file.string());
                    return maker != makers.end() && !stage.contains(maker->second);
                });
            if (!waits && !stage.contains(&step))
                ready.push_back(&step);
        }
        if (ready.empty())
            throw Error{ErrorKind::internal, "the steps of a run wait for one another"};
        for (const auto* step : ready)
            stage[step] = stages.size();
        stages.push_back(std::move(ready));
    }
    return stages;
}

} // namespace riskmap::run
