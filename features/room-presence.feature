@room-presence
Feature: Room presence
  A unit on the ceiling of an office decides from motion and CO2 whether anybody is
  there, keeps light and air for them, and says when its own senses cannot be right.

  Scenario: A working day
    Given a room presence sensor "office-4" with:
      | reports every | 5 minutes |
    When the clock reaches 10:30
    Then the reported room of "office-4" becomes occupied within 30 minutes
    And the reported illuminance of "office-4" goes above 450 lx within 10 minutes
    When the clock reaches 06:00
    Then the reported room of "office-4" becomes vacant within 1 minute
    And the hub has received 288 telemetry messages from "office-4"
    And the CO2 concentration of "office-4" stayed below 1100 ppm
    And no alert of "office-4" was raised

  Scenario: A meeting has fresh air, and its people are counted by their breath
    Given a room presence sensor "office-4" with:
      | attendance | 0 |
    When the number of visitors of "office-4" is set to 6
    And 2 minutes pass
    Then the reported room of "office-4" becomes occupied within 1 minute
    When 3 hours pass
    Then the reported number of people of "office-4" stayed between 5 and 7 during the last 2 hours
    And the CO2 concentration of "office-4" stayed below 1000 ppm
    When the number of visitors of "office-4" is set to 0
    Then the reported room of "office-4" becomes vacant within 30 minutes
    And the lamp setting of "office-4" goes below 1 % within 1 minute

  Scenario: A covered motion detector leaves nobody in the dark
    Given a room presence sensor "office-4" with:
      | attendance | 0 |
    When the number of visitors of "office-4" is set to 2
    And the noon sunshine of "office-4" is set to 0 W/m²
    And 1 hour passes
    And the covered motion detector of "office-4" is set to 100 %
    Then the alert "motionBlind" of "office-4" is raised within 2 hours
    When 3 hours pass
    Then the illuminance of "office-4" stayed above 450 lx during the last 4 hours

  Scenario: The draught of a heater does not light an empty office all night
    Given a room presence sensor "office-4" with:
      | attendance               | 0      |
      | mean outdoor temperature | -15 °C |
    When the clock reaches 20:00
    And the heater draught of "office-4" is set to 100 %
    Then the reported room of "office-4" becomes occupied within 30 minutes
    And the alert "motionImplausible" of "office-4" is raised within 4 hours
    And the lamp setting of "office-4" goes below 1 % within 2 minutes

  Scenario: Stale air with a dead fan is reported
    Given a room presence sensor "office-4" with:
      | attendance | 0 |
    When the number of visitors of "office-4" is set to 6
    And the ventilation failure of "office-4" is set to 100 %
    Then the alert "co2High" of "office-4" is raised within 90 minutes
    When the open window of "office-4" is set to 50 %
    Then the alert "co2High" of "office-4" is cleared within 30 minutes

  @negative-control
  Scenario: A meeting without a fan is a meeting in stale air
    Given a room presence sensor "office-4" with:
      | attendance | 0 |
    When the number of visitors of "office-4" is set to 6
    And the ventilation failure of "office-4" is set to 100 %
    And 3 hours pass
    Then the CO2 concentration of "office-4" stayed below 1000 ppm
