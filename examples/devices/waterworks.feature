Feature: Waterworks
  Whatever network EPANET can read can be the world around a device.

  Scenario: The controls of the network keep the tower filled
    Given a device "village-1" from "examples/devices/waterworks.yaml"
    When 24 hours pass
    Then the level of tower of "village-1" stayed between 1.8 m and 4.6 m
    And the reported pressure of pipe main-1 of "village-1" stayed between 1 bar and 5 bar

  Scenario: Burst mains empty the tower
    Given a device "village-1" from "examples/devices/waterworks.yaml"
    When the leak of pipe rising of "village-1" is set to 1
    And the leak of pipe main-1 of "village-1" is set to 1
    Then the alert "towerLow" of "village-1" is raised within 12 hours
