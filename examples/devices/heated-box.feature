Feature: Physics from another tool
  Scenario: A heated box on an FMU warms up as a first-order lag does
    Given a device "box-1" from "examples/devices/heated-box.yaml" with:
      | thermal inertia | 5 min |
    When 1 hour passes
    Then the box temperature of "box-1" stayed between 19.9 °C and 20.1 °C during the last 10 minutes
    When the service sets the desired property "heaterTemperature" of "box-1" to 70
    Then "box-1" acknowledges the desired property "heaterTemperature" within 10 seconds
    # 70 - 50·exp(-t/5 min) passes 65 °C after 5 min · ln 10 = 11.5 min
    And the box temperature of "box-1" goes below 65 °C within 1 minute and stays there for 11 minutes
    And the alert "tooHot" of "box-1" is raised within 3 minutes
    When the service sets the desired property "heaterTemperature" of "box-1" to 81
    Then "box-1" refuses the desired property "heaterTemperature" within 10 seconds
