@sensors
Feature: Sensors that lie
  What a device reports is what its sensors read. The goods are as warm as they are.

  Scenario: A probe that reads too warm cries wolf, and a repair ends it
    Given a refrigeration truck "truck-7" with:
      | cargo temperature | -20 °C |
    When the cargo temperature sensor of "truck-7" is off by 8 K
    Then the alert "cargoWarm" of "truck-7" is raised within 1 hour
    When the cargo temperature sensor of "truck-7" is repaired
    Then the alert "cargoWarm" of "truck-7" is cleared within 1 hour
    And the cargo temperature of "truck-7" stayed below -18 °C

  Scenario: A probe that is stuck hides a compressor without refrigerant
    Given a refrigeration truck "truck-7" with:
      | cargo temperature        | -20 °C |
      | mean ambient temperature | 30 °C  |
    When 10 minutes pass
    And the cargo temperature sensor of "truck-7" is stuck
    And the refrigerant leak of "truck-7" is set to 100 %
    And 48 hours pass
    Then no alert of "truck-7" was raised
    And the reported cargo temperature of "truck-7" stayed below -19 °C
    When the cargo temperature sensor of "truck-7" is repaired
    Then the alert "cargoWarm" of "truck-7" is raised within 1 hour

  @negative-control
  Scenario: The same truck with a probe that works is not silent
    Given a refrigeration truck "truck-7" with:
      | cargo temperature        | -20 °C |
      | mean ambient temperature | 30 °C  |
    When 10 minutes pass
    And the refrigerant leak of "truck-7" is set to 100 %
    And 48 hours pass
    Then no alert of "truck-7" was raised
